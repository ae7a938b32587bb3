// What answers a conversation that was left meanwhile changes nothing on the page of the next: not its head, not how
// far its story was told. If something that was sent from there was refused, the page says so.

const LEFT = "#opened"

document.addEventListener("htmx:beforeRequest", ({ detail: { elt, requestConfig } }) => {
  const opened = elt.closest(LEFT)
  if (!opened) return
  const stay = (event) => {
    if (opened.isConnected) return
    event.preventDefault()
    const isRefused = event.detail.xhr.status >= 400 && requestConfig.verb !== "get"
    if (isRefused) document.dispatchEvent(new CustomEvent("htmx:responseError"))
  }
  elt.addEventListener("htmx:beforeOnLoad", stay, { once: true })
})
