// The order of the passages: numbers them, names them, and says what moved.

const group = document.getElementById("passages-group")

export const spots = () => [...group.querySelectorAll(":scope > .spot")]
const visible = (spot) => !spot.querySelector(".block").hidden
export const shownSpots = () => spots().filter(visible)

/** Put a spot after another, or after the last. */
export function place(spot, after = null) {
  const last = after ?? spots().at(-1)
  if (last) last.after(spot)
  else group.querySelector(".adders.at-end").before(spot)
}

/** Write the order into the form, and name each passage by its kind, number and speaker. */
export function renumber() {
  const shown = shownSpots()
  shown.forEach((spot, index) => {
    const block = spot.querySelector(".block")
    const field = (name) => block.querySelector(`[name="${block.id}-${name}"]`)
    field("place").value = index + 1
    const kind = field("kind").selectedOptions[0].textContent
    const speaker = field("speaker").selectedOptions[0]
    const name = block.dataset.kind === "quote" && speaker?.value ? `: ${speaker.textContent}` : ""
    block.setAttribute("aria-label", `${kind} ${index + 1}${name}`)
    setDisabled(block.querySelector('[value^="up-"]'), index === 0)
    setDisabled(block.querySelector('[value^="down-"]'), index === shown.length - 1)
  })
}

// Not `disabled`, which would lose the focus of the person who pressed the button.
function setDisabled(button, isDisabled) {
  if (isDisabled) button.setAttribute("aria-disabled", "true")
  else button.removeAttribute("aria-disabled")
}

/** Say what happened to a passage, for those who do not see it: {name} and {number} stand for its own. */
export function say(block, pattern) {
  const number = shownSpots().indexOf(block.closest(".spot")) + 1
  const status = group.querySelector("[data-status]")
  status.textContent = pattern.replace("{name}", block.getAttribute("aria-label")).replace("{number}", number)
}

/** Move a passage by one place up (-1) or down (1); the focus stays where it is. */
export function moveBlock(block, step) {
  const spot = block.closest(".spot")
  const shown = shownSpots()
  const other = shown[shown.indexOf(spot) + step]
  if (!other) return false
  // The other one moves, so that the focus stays in this one.
  if (step < 0) spot.after(other)
  else spot.before(other)
  renumber()
  say(block, group.dataset.moved)
  block.scrollIntoView({ block: "nearest" })
  block.dispatchEvent(new Event("input", { bubbles: true }))
  return true
}
