// Say the release time that is being typed in words, beside it and on the button that agrees to it.
// The server says it: it knows the zone, and the hours that the clocks skip or show twice.
for (const field of document.querySelectorAll("input[data-said-by]")) {
  const button = field.form.querySelector(".act button");
  const plain = button.textContent;
  const words = document.createElement("p");
  words.className = "time-in-words";
  words.setAttribute("role", "status");
  field.after(words);
  let asked, waiting;

  const say = async () => {
    asked?.abort();
    asked = new AbortController();
    const answer = await fetch(`${field.dataset.saidBy}?at=${encodeURIComponent(field.value)}`, {
      signal: asked.signal,
    });
    if (!answer.ok || answer.redirected) return;
    const { said, how_long: howLong, warning } = await answer.json();
    words.textContent = [said && (howLong ? `${said}, ${howLong}.` : `${said}.`), warning]
      .filter(Boolean)
      .join(" ");
    if (said) button.textContent = `${field.dataset.deed} ${said}`;
  };

  const typed = () => {
    clearTimeout(waiting);
    asked?.abort();
    words.textContent = "";
    button.textContent = plain;
    if (field.value) waiting = setTimeout(() => say().catch(() => {}), 200);
  };
  field.addEventListener("input", typed);
  typed();
}
