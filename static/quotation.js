// Copies a quotation with who said it, where, when, and its address. Without this script the buttons
// stay hidden, and the words are there to be selected.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const told = button.nextElementSibling;
      try {
        await navigator.clipboard.writeText(quoted(button));
        told.textContent = "Copied, with its source";
      } catch {
        told.textContent = "This browser did not allow it: select the words instead";
      }
    });
  }
}

function quoted(button) {
  const quotation = button.closest("blockquote");
  const words = [...quotation.children].filter((block) => !block.matches(".tools"));
  const standing = quotation.closest(".words").dataset.standing;
  const page = document.querySelector("link[rel=canonical]")?.href ?? location.href.split("#")[0];
  return [
    ...words.map((block) => block.innerText.trim() + "\n"),
    [button.value || quotation.getAttribute("aria-label"), standing].filter(Boolean).join(". "),
    document.querySelector("h1").innerText + ", " + document.querySelector(".dateline time").innerText,
    `${page}#${quotation.id}`,
  ].join("\n");
}
