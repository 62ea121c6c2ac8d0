// Shows the progress of an import, every two seconds, and reloads the page when its state changes.
const findProgress = () => document.querySelector("#progress")

const update = async () => {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } })
  if (!answer.ok || answer.redirected) return location.reload()
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const newProgress = page.querySelector("#progress")
  if (!newProgress || newProgress.dataset.state !== findProgress().dataset.state) return location.reload()
  const [bar, newBar] = [findProgress().querySelector("progress"), newProgress.querySelector("progress")]
  if (bar && newBar) {
    if (newBar.hasAttribute("value")) bar.value = newBar.value
    findProgress().querySelector("label").textContent = newProgress.querySelector("label").textContent
  } else {
    findProgress().replaceWith(newProgress)
  }
  setTimeout(updateOrRetry, 2000)
}

// Try again later if the server does not answer for a while.
const updateOrRetry = () => update().catch(() => setTimeout(updateOrRetry, 5000))
setTimeout(updateOrRetry, 2000)
