// A shop's pages as an application of React: the chat comes as docs/chat.md says, in strict mode, where effects run twice.
const { StrictMode, createElement: put, useEffect, useState } = React

function Chat() {
  useEffect(() => {
    if (window.makegood?.open) return
    const script = document.createElement("script")
    script.src = CHAT.src
    script.async = true
    script.dataset.shop = CHAT.shop
    document.head.append(script)
  }, [])
  return null
}

function Shop() {
  const [place, go] = useState(location.pathname)
  const [count, add] = useState(0)
  const lead = (to) => () => {
    history.pushState(null, "", to)
    document.title = to
    go(to)
  }
  const name = place.endsWith("/lanterns") ? "Lanterns" : "Brass lamp"
  // With another key everything is taken down and put up anew, the chat's component, too.
  return put("main", { key: name },
    put("h1", null, name),
    put("button", { onClick: lead("/react/lanterns") }, "Lanterns"),
    put("button", { onClick: () => add(count + 1) }, `In the cart: ${count}`),
    put(Chat, { key: place }))
}

ReactDOM.createRoot(document.getElementById("root")).render(put(StrictMode, null, put(Shop)))
