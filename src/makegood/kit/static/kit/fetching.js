// What happens to a part of the page (`data-about`) that fetches itself anew when it hears news.

const PACE = 5000

// News of a conversation that was left meanwhile has no place on the page any more.
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (!target.matches("[data-about]")) return
  const stay = (event) => target.isConnected || event.preventDefault()
  target.addEventListener("htmx:beforeOnLoad", stay, { once: true })
})

// What it was told of and could not fetch, it fetches once it can: nobody tells it a second time.
for (const kind of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(kind, ({ target, detail }) => {
    const mayPass = !detail.xhr.status || detail.xhr.status >= 500
    if (!mayPass || !target.matches("[data-about]")) return
    setTimeout(() => target.isConnected && target.dispatchEvent(new CustomEvent("news")), PACE)
  })
}
