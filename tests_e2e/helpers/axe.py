"""axe-core: the script, the rules, and the sizes and themes to look at."""

from __future__ import annotations

from pathlib import Path

AXE = (Path(__file__).resolve().parents[1] / "vendor/axe-core-4.14.1/axe.min.js").read_text(
    encoding="utf-8"
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
RUN = """async (tags) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => ({
    rule: rule.id, help: rule.help, target: node.target.join(" "), html: node.html.slice(0, 160),
    why: node.failureSummary.replace(/\\s+/g, " ").slice(0, 300),
  })));
}"""
