// Give the frame of a review the height of its page, so that it needs no scroll bar of its own.
for (const frame of document.querySelectorAll("iframe.page")) {
  const fitHeight = () => {
    const page = frame.contentDocument?.body;
    if (page) frame.height = Math.min(page.scrollHeight + 40, 6000);
  };
  frame.addEventListener("load", fitHeight);
  window.addEventListener("resize", fitHeight);
  fitHeight();
}

// Keep the decision in view while the page scrolls, where the window is high enough for all of it.
const decide = document.getElementById("decide");
if (decide) {
  const checkFit = () => decide.classList.toggle("fits", decide.offsetHeight + 32 < window.innerHeight);
  new ResizeObserver(checkFit).observe(decide);
  window.addEventListener("resize", checkFit);
}
