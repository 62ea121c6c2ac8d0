// A button that copies the value of a field. Without scripts you select and copy it yourself.
for (const button of document.querySelectorAll("[data-copies]")) {
  const say = window.gettext ?? ((text) => text);
  const field = document.getElementById(button.dataset.copies);
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = say("Copied.");
    } catch {
      field.select(); // no access to the clipboard: select it, so that one key copies it
      status.textContent = say("Your browser did not allow it. Copy the selected link yourself.");
    }
  });
}
