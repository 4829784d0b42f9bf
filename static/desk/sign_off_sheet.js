// Print button of the sign-off sheet; the browser's menu prints it without this module.
const button = document.querySelector("[data-print]");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
