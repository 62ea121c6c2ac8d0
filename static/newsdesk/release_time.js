// Show the typed release time in words, next to the field.
// The server describes it, because it knows the zone and which hours its clocks skip or repeat.
// A link to the chooser opens it and leads to its field.
const PAUSE = 200;

for (const field of document.querySelectorAll("input[data-describe-url]")) {
  const description = document.createElement("p");
  description.className = "time-in-words";
  description.setAttribute("role", "status");
  (field.closest(".with-calendar") ?? field).after(description);
  let request, timer;

  const describe = async () => {
    request?.abort();
    request = new AbortController();
    const response = await fetch(
      `${field.dataset.describeUrl}?at=${encodeURIComponent(field.value)}`,
      { signal: request.signal },
    );
    if (!response.ok || response.redirected) return;
    const { text, time_until: timeUntil, warning } = await response.json();
    description.textContent = [text && (timeUntil ? `${text}, ${timeUntil}.` : `${text}.`), warning]
      .filter(Boolean)
      .join(" ");
  };

  const onInput = () => {
    clearTimeout(timer);
    request?.abort();
    description.textContent = "";
    if (field.value) timer = setTimeout(() => describe().catch(() => {}), PAUSE);
  };
  field.addEventListener("input", onInput);
  // A field with an error has its sentence already.
  if (field.getAttribute("aria-invalid") !== "true") onInput();
}

function openChooser() {
  const chooser = document.getElementById("time-form");
  if (!chooser || location.hash !== "#time-form") return;
  const fold = chooser.closest("details");
  if (fold) fold.open = true;
  chooser.querySelector("input:not([type=hidden])")?.focus();
}

addEventListener("hashchange", openChooser);
document.addEventListener("click", (event) => {
  // Also when the address has this fragment already.
  if (event.target.closest('a[href="#time-form"]')) setTimeout(openChooser);
});
openChooser();
