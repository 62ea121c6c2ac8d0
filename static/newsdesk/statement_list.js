// Offer to choose all statements of the page, and to let all of them go again.

const button = document.querySelector(".choose-all");
const boxes = document.querySelectorAll("input[name='statement'][form='bulk']");

if (button && boxes.length > 1) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const areAllChosen = [...boxes].every((box) => box.checked);
    for (const box of boxes) box.checked = !areAllChosen;
  });
}
