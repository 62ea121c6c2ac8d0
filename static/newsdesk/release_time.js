// Show the typed release time in words, next to the field and on the button that approves it.
// The server describes it, because it knows the zone and which hours its clocks skip or repeat.
const PAUSE = 200;

for (const field of document.querySelectorAll("input[data-describe-url]")) {
  const button = field.form.querySelector(".act button");
  const plainLabel = button.textContent;
  const description = document.createElement("p");
  description.className = "time-in-words";
  description.setAttribute("role", "status");
  field.after(description);
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
    if (text) button.textContent = `${field.dataset.actionLabel} ${text}`;
  };

  const onInput = () => {
    clearTimeout(timer);
    request?.abort();
    description.textContent = "";
    button.textContent = plainLabel;
    if (field.value) timer = setTimeout(() => describe().catch(() => {}), PAUSE);
  };
  field.addEventListener("input", onInput);
  onInput();
}
