// Shows anew what readers will see, while somebody types; the button does the same without scripts.
const form = document.querySelector("form[data-foresee]");
const button = form?.querySelector("button[name=_preview]");

if (form && button) {
  let waiting = 0;
  let asked = 0;

  const show = async () => {
    const number = ++asked;
    const body = new FormData(form);
    body.delete("password");
    body.append(button.name, button.value);
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok || answer.redirected || number !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = document.getElementById("foreseen");
    const next = page.getElementById("foreseen");
    if (!next || number !== asked) return;
    now.replaceChildren(...next.childNodes);
    for (const frame of now.querySelectorAll("iframe.page")) {
      frame.addEventListener("load", () => {
        frame.height = Math.min(frame.contentDocument.body.scrollHeight + 40, 6000);
      });
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => show().catch(() => {}), 300); // the button is still there
  });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    show().catch(() => form.requestSubmit(button));
  });
}
