// Keep the countdowns of the front page fresh. In no live region: a screen reader reads them as it
// comes by. By the server's clock as it was when the page was made, not by this machine's.
const loaded = performance.now();
const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function inWords(left) {
  if (left <= 0) return "out now";
  if (left < MINUTE) return "in less than a minute";
  const days = Math.floor(left / DAY), hours = Math.floor((left % DAY) / HOUR);
  const minutes = Math.floor((left % HOUR) / MINUTE);
  const first = days ? counted(days, "day") : hours ? counted(hours, "hour") : counted(minutes, "minute");
  const second = days ? hours && counted(hours, "hour") : hours && minutes && counted(minutes, "minute");
  return `in ${first}${second ? `, ${second}` : ""}`;
}

function refresh() {
  for (const one of document.querySelectorAll("[data-until]")) {
    const now = Date.parse(one.dataset.now) + performance.now() - loaded;
    const left = Date.parse(one.dataset.until) - now;
    if (left < 7 * DAY && one.textContent !== inWords(left)) one.textContent = inWords(left);
  }
}

refresh();
setInterval(refresh, 5_000);
document.addEventListener("visibilitychange", refresh);
