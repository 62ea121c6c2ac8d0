// A button that copies what stands in a field; without JavaScript one selects it by hand.
for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const told = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      told.textContent = "Copied.";
    } catch {
      field.select(); // no right to the clipboard here: select it, so that one key copies it
      told.textContent = "Select and copy it by hand: the browser did not let us.";
    }
  });
}
