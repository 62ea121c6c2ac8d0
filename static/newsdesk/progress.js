// How far an import is: asked again every two seconds, and the whole page once it stands otherwise.
const place = () => document.querySelector("#progress")

const look = async () => {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } })
  if (!answer.ok || answer.redirected) return location.reload()
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const newer = page.querySelector("#progress")
  if (!newer || newer.dataset.state !== place().dataset.state) return location.reload()
  const [bar, next] = [place().querySelector("progress"), newer.querySelector("progress")]
  if (bar && next) {
    if (next.hasAttribute("value")) bar.value = next.value
    place().querySelector("label").textContent = newer.querySelector("label").textContent
  } else {
    place().replaceWith(newer)
  }
  setTimeout(patiently, 2000)
}

// A server that does not answer for a while is asked again.
const patiently = () => look().catch(() => setTimeout(patiently, 5000))
setTimeout(patiently, 2000)
