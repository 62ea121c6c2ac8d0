// Update the countdowns of the dashboard. They are in no live region: a screen reader reads them
// only where the user is. They follow the server's clock when the page was made, not this machine's.
const loaded = performance.now();
const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const formatCount = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function formatTimeUntil(left) {
  if (left <= 0) return "out now";
  if (left < MINUTE) return "in less than a minute";
  const days = Math.floor(left / DAY), hours = Math.floor((left % DAY) / HOUR);
  const minutes = Math.floor((left % HOUR) / MINUTE);
  if (days) return joinParts(formatCount(days, "day"), hours && formatCount(hours, "hour"));
  if (hours) return joinParts(formatCount(hours, "hour"), minutes && formatCount(minutes, "minute"));
  return joinParts(formatCount(minutes, "minute"));
}

const joinParts = (...parts) => `in ${parts.filter(Boolean).join(", ")}`;

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
