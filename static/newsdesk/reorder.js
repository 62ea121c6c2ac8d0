// Moves passages: by the buttons, by Alt with an arrow key, and by dragging the handle.
import { moveBlock, place, renumber, say, shownSpots } from "./block_order.js";

const group = document.getElementById("passages-group")

group?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=_move]")
  if (!button) return
  event.preventDefault()
  moveBlock(button.closest(".block"), button.value.startsWith("up") ? -1 : 1)
})

// Before the editor, which would move the caret.
group?.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return
  const block = event.target.closest(".block")
  if (!block) return
  event.preventDefault()
  event.stopPropagation()
  moveBlock(block, event.key === "ArrowUp" ? -1 : 1)
}, { capture: true })

// --- Dragging ---------------------------------------------------------------------------------------

const line = document.createElement("div")
line.className = "drop-here"
line.setAttribute("aria-hidden", "true")

/** Return the place that the pointer is over: the spot after which to drop, or null for the top. */
function findPlace(y) {
  let after = null
  for (const spot of shownSpots()) {
    const { top, height } = spot.querySelector(".block").getBoundingClientRect()
    if (y > top + height / 2) after = spot
  }
  return after
}

group?.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest(".grip")
  if (!grip || event.button) return
  event.preventDefault()
  const block = grip.closest(".block")
  const spot = block.closest(".spot")
  let after
  grip.setPointerCapture(event.pointerId)
  block.classList.add("dragging")
  const follow = ({ clientY }) => {
    after = findPlace(clientY)
    if (after) after.after(line)
    else shownSpots()[0].before(line)
    if (clientY < 90) scrollBy(0, -20)
    if (clientY > innerHeight - 110) scrollBy(0, 20)
  }
  const stop = (end) => {
    grip.removeEventListener("pointermove", follow)
    block.classList.remove("dragging")
    line.remove()
    if (end.type === "pointercancel" || after === undefined || after === spot) return
    if (after) place(spot, after)
    else shownSpots()[0].before(spot)
    renumber()
    say(block, group.dataset.moved)
    block.dispatchEvent(new Event("input", { bubbles: true }))
  }
  grip.addEventListener("pointermove", follow)
  grip.addEventListener("pointerup", stop, { once: true })
  grip.addEventListener("pointercancel", stop, { once: true })
})
