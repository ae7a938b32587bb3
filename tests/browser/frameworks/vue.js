// A shop's pages as an application of Vue: the chat comes as docs/chat.md says.
const { createApp, h, onMounted, ref } = Vue

const Chat = {
  setup() {
    onMounted(() => {
      if (window.makegood?.open) return
      const script = Object.assign(document.createElement("script"), { src: CHAT.src, async: true })
      script.dataset.shop = CHAT.shop
      document.head.append(script)
    })
    return () => null
  },
}

const Shop = {
  setup() {
    const [place, count] = [ref(location.pathname), ref(0)]
    const lead = (to) => {
      history.pushState(null, "", to)
      document.title = to
      place.value = to
    }
    return () => {
      const name = place.value.endsWith("/lanterns") ? "Lanterns" : "Brass lamp"
      return h("main", { key: name }, [
        h("h1", name),
        h("button", { onClick: () => lead("/vue/lanterns") }, "Lanterns"),
        h("button", { onClick: () => count.value++ }, `In the cart: ${count.value}`),
        h(Chat, { key: place.value }),
      ])
    }
  },
}

createApp(Shop).mount("#root")
