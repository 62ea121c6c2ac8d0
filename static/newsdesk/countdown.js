// Update the countdowns of the dashboard. They are in no live region: a screen reader reads them
// only where the user is. They follow the server's clock when the page was made, not this machine's.
const loaded = performance.now();
const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const say = window.gettext ?? ((text) => text);
const pick = window.ngettext ?? ((one, several, number) => (number === 1 ? one : several));
const fill = (text, value) => text.replace(/%s/, () => value);
const formatDays = (number) => number && fill(pick("%s day", "%s days", number), number);
const formatHours = (number) => number && fill(pick("%s hour", "%s hours", number), number);
const formatMinutes = (number) => number && fill(pick("%s minute", "%s minutes", number), number);

function formatTimeUntil(left) {
  if (left <= 0) return say("out now");
  if (left < MINUTE) return say("in less than a minute");
  const days = Math.floor(left / DAY), hours = Math.floor((left % DAY) / HOUR);
  const minutes = Math.floor((left % HOUR) / MINUTE);
  if (days) return joinParts(formatDays(days), formatHours(hours));
  if (hours) return joinParts(formatHours(hours), formatMinutes(minutes));
  return joinParts(formatMinutes(minutes));
}

const joinParts = (...parts) => fill(say("in %s"), parts.filter(Boolean).join(", "));

function refresh() {
  for (const countdown of document.querySelectorAll("[data-until]")) {
    const now = Date.parse(countdown.dataset.now) + performance.now() - loaded;
    const left = Date.parse(countdown.dataset.until) - now;
    const text = formatTimeUntil(left);
    if (left < 7 * DAY && countdown.textContent !== text) countdown.textContent = text;
  }
}

refresh();
setInterval(refresh, 5_000);
document.addEventListener("visibilitychange", refresh);
