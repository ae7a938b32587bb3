// The beginning: when the page has drawn itself and has nothing better to do.

const begun = { isOver: true, isWired: false }

function start() {
  if (!begun.isOver) return
  begun.isOver = false
  shop.hello ??= keep.read("hello")
  face.put()
  if (!begun.isWired) wire()
  if (shop.hello) launcher.show()
  greet()
  if (isKnown()) listenFromNowOn()
}

function wire() {
  begun.isWired = true
  launcher.put()
  title.start()
  inviting.put()
  hub.on("lead", (isLeader) => (isLeader ? listenFromNowOn() : link.hangUp()))
  hub.on("sent", () => listenFromNowOn())
  hub.on("loaded", tellPage)
  hub.on("tab:page", (page) => take(page, { isFromTab: true }))
  hub.on("tab:who", changeHands)
  hub.on("tab:queue", () => { hub.tell("queue"); post.start() })
  hub.on("tab:typing", (who) => { talk.typing = who; hub.tell("typing", who) })
  addEventListener("online", () => { link.hurry(); if (!shop.hello?.isFresh) greet() })
  addEventListener("offline", () => { if (isKnown()) link.set("lost"); link.hangUp() })
  addEventListener("storage", keptElsewhere)
  window.navigation?.addEventListener("currententrychange", () => setTimeout(tellPage, 500))
  addEventListener("pagehide", () => { link.hangUp(); tabs.stop() })
  addEventListener("pageshow", (event) => { if (event.persisted && isKnown()) listenFromNowOn() })
  document.addEventListener("visibilitychange", () => {
    if (!isAway()) { tabs.takeOver(); link.hurry(); tellPage() }
  })
}

// Another tab wrote something. Its word by the channel may be here before what it wrote is.
function keptElsewhere({ key, newValue }) {
  if (key === place("") && newValue) listenFromNowOn(false)
  if (!key?.startsWith(place("queue:"))) return
  hub.tell("queue")
  if (newValue) post.start()
}

// What the shop says of itself; the last it said stands until it answers.
async function greet() {
  try {
    const hello = await ask("GET", "hello/", { isOpenToAll: true, cache: "default" })
    keep.write("hello", hello)
    shop.hello = { ...hello, isFresh: true, askedAt: Date.now() }
    face.dress()
    launcher.show()
    hub.tell("hello")
    hub.tell("ready", { name: hello.name, isOpen: hello.is_open })
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble
    if (trouble.code === "network") return launcher.show()
    console.warn(`Makegood: the chat cannot be shown here (${trouble.words || trouble.code}).`)
    face.take()
  }
}

function listenFromNowOn(mayLead = document.visibilityState === "visible") {
  if (begun.isOver) return
  tabs.start(mayLead)
  if (tabs.isLeader) {
    link.run()
    post.start()
  } else if (!talk.isLoaded) {
    fetchNews().catch((trouble) => { if (!(trouble instanceof Trouble)) throw trouble })
  }
}

function begin() {
  if (window[KEY] || !SHOP) return
  window[KEY] = {
    shop, hub, keep, talk, link, outbox, post, tabs, face, api, launcher, title, invited, Trouble, WORDS,
    BASE, PHONE, ask, say, speak, make, icon, language, secret, pageNow, fetchEarlier, fetchNews,
    readAll, tellTyping, isAway, workOn, take, newId,
  }
  const queued = Array.isArray(window.makegood) ? window.makegood : []
  window.makegood = api
  api.push(...queued)
  const calm = window.requestIdleCallback ?? ((task) => setTimeout(task, 200))
  const soon = () => calm(() => start(), { timeout: 2_000 })
  if (document.readyState === "complete") soon()
  else addEventListener("load", soon, { once: true })
}

begin()
