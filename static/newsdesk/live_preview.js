// Shows what readers will see while somebody types. Without scripts the preview button does this.
const form = document.querySelector("form[data-live-preview]");
const button = form?.querySelector("button[name=_preview]");

if (form && button) {
  let timer = 0;
  let lastRequest = 0;

  const update = async () => {
    const request = ++lastRequest;
    const body = new FormData(form);
    body.delete("password");
    body.append(button.name, button.value);
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok || answer.redirected || request !== lastRequest) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const preview = document.getElementById("live-preview");
    const newPreview = page.getElementById("live-preview");
    if (!newPreview || request !== lastRequest) return;
    preview.replaceChildren(...newPreview.childNodes);
    for (const frame of preview.querySelectorAll("iframe.page")) {
      frame.addEventListener("load", () => {
        frame.height = Math.min(frame.contentDocument.body.scrollHeight + 40, 6000);
      });
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => update().catch(() => {}), 300); // the button still works
  });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    update().catch(() => form.requestSubmit(button));
  });
}
