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
