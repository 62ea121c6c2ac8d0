// Give the frame of a page the height of its page, so that it needs no scroll bar of its own, and
// switch between the width of a phone and of a desktop.
for (const frame of document.querySelectorAll("iframe.page")) {
  const fitHeight = () => {
    const page = frame.contentDocument?.body;
    if (page) frame.height = Math.min(page.scrollHeight + 40, 6000);
  };
  frame.addEventListener("load", fitHeight);
  window.addEventListener("resize", fitHeight);
  fitHeight();

  const sizes = frame.closest(".framed")?.querySelector("[data-frame-sizes]");
  if (!sizes) continue;
  sizes.hidden = false;
  sizes.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    for (const other of sizes.children) other.setAttribute("aria-pressed", String(other === button));
    frame.toggleAttribute("data-narrow", button.dataset.width !== "");
    fitHeight();
  });
  // A panel that was hidden had no height to measure.
  new ResizeObserver(fitHeight).observe(frame);
}
