// Give the frame of a review the height of the page in it, so that nobody scrolls within a scroll.
for (const frame of document.querySelectorAll("iframe.page")) {
  const fit = () => {
    const page = frame.contentDocument?.body;
    if (page) frame.height = Math.min(page.scrollHeight + 40, 6000);
  };
  frame.addEventListener("load", fit);
  window.addEventListener("resize", fit);
  fit();
}

// Let the decision stay beside what is read, where the window is high enough for all of it.
const decide = document.getElementById("decide");
if (decide) {
  const stay = () => decide.classList.toggle("fits", decide.offsetHeight + 32 < window.innerHeight);
  new ResizeObserver(stay).observe(decide);
  window.addEventListener("resize", stay);
}
