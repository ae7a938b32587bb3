// window.makegood: what the page may do with the chat. See docs/chat.md.

const api = {
  async open(where) {
    start()
    if (shop.isOpen) return
    launcher.complain("")
    launcher.wait(true)
    const room = await loadRoom()
    launcher.wait(false)
    if (!room) return launcher.complain(say("unloaded"))
    room.open(where)
  },

  close() {
    shop.room?.close()
  },

  toggle() {
    if (shop.isOpen) this.close()
    else this.open()
  },

  // A short word, signed by the shop's server, that says who this is.
  async identify(token) {
    const who = await ask("POST", "identity/", { body: { token } })
    if (who.is_other) keep.forget(who.is_verified)
    tabs.tell("who", who)
    changeHands(who)
    return who
  },

  tag(words) {
    shop.tags = [...new Set([...shop.tags, ...[words].flat().map(String)])].slice(0, 20)
  },

  set({ cart, page } = {}) {
    if (cart !== undefined) shop.cart = cart
    if (page !== undefined) shop.page = page
    tellSeen()
  },

  on(event, listener) {
    hub.on(event, listener)
  },

  // Without a name: the chat leaves the page.
  off(event, listener) {
    if (event) return hub.off(event, listener)
    this.close()
    link.hangUp()
    tabs.stop()
    face.take()
    begun.isOver = true
  },

  push(...calls) {
    for (const [name, ...with_] of calls) this[name]?.(...with_)
  },
}
