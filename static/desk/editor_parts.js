// Extensions of the text editor: photos in the text, links with only a URL, lists with only
// numbers, and cleaned pastes.
import { Extension, Link as BaseLink, Node, OrderedList as BaseList, Plugin, gettext, updateAttrsDialog } from "django-prose-editor/editor";
import { leftOut, toHtml } from "./paste.js";
import { joinColumns } from "./paste_text.js";
import { pictureOf } from "./photos.js";

export const Photo = Node.create({
  name: "photo",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes() {
    return {
      photo: {
        default: null,
        parseHTML: (element) => element.getAttribute("data-photo"),
        renderHTML: ({ photo }) => ({ "data-photo": photo }),
      },
    };
  },
  parseHTML() { return [{ tag: "figure[data-photo]" }]; },
  renderHTML({ HTMLAttributes }) { return ["figure", HTMLAttributes]; },
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement("figure");
      dom.className = "placed-photo";
      const { number, picture, caption } = pictureOf(node.attrs.photo);
      if (picture) dom.append(picture);
      const words = document.createElement("figcaption");
      words.textContent = [number && `${gettext("Photo")} ${number}`, caption].filter(Boolean).join(" · ") || gettext("This photo was removed");
      dom.append(words);
      return { dom };
    };
  },
});

const askAddress = updateAttrsDialog(
  { href: { type: "string", title: gettext("URL") } },
  { title: gettext("Edit Link") },
);

export const Link = BaseLink.extend({
  addOptions() {
    return {
      ...this.parent?.(),
      isAllowedUri: (address) => /^(https?:\/\/|mailto:|\/(?!\/))/i.test(address || ""),
    };
  },
  addCommands() {
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        const isLink = editor.isActive("link");
        if (editor.state.selection.empty && !isLink) return;
        askAddress(editor, { href: editor.getAttributes("link").href }).then((answer) => {
          if (!answer) return;
          const chain = editor.chain().focus();
          const href = answer.href.trim();
          if (!href) chain.extendMarkRange("link").unsetLink().run();
          else if (isLink) chain.extendMarkRange("link").updateAttributes("link", { href }).run();
          else chain.setMark("link", { href }).run();
        });
      },
    };
  },
});

export const OrderedList = BaseList.extend({
  addAttributes() {
    const { start } = this.parent();
    return { start };
  },
});

// A copy from this editor is clean, and may contain a photo, unlike any external content.
const isOwn = (source) => source.includes("data-pm-slice");
export const Paste = Extension.create({
  name: "cleanPaste",
  addProseMirrorPlugins() {
    const tell = (detail) => document.querySelector("#article-form").dispatchEvent(new CustomEvent("pasted", { detail }));
    const clean = (source) => {
      if (isOwn(source)) return source;
      const made = toHtml(source);
      tell(leftOut());
      return made;
    };
    const join = (source) => {
      const { text, joined } = joinColumns(source);
      tell({ joined });
      return text;
    };
    return [new Plugin({ props: { transformPastedHTML: clean, transformPastedText: join } })];
  },
});
