// One message: who said it, what, when, and what became of it.

function messageNode(id) {
  const parts = {
    root: make("div", { className: "message" }),
    who: make("p", { className: "message__who" }),
    bubble: make("div", { className: "message__bubble" }),
    foot: make("p", { className: "message__foot", "aria-live": "off" }),
  }
  parts.root.dataset.id = id
  parts.root.append(parts.who, parts.bubble, parts.foot)
  return parts
}

function drawMessage(parts, item) {
  const { message, entry, isFirst, isLast, isLastOfMine } = item
  const isMine = message.from === "me"
  parts.root.className = `message message--${isMine ? "mine" : "theirs"}`
  parts.root.classList.toggle("message--first", isFirst)
  parts.root.classList.toggle("message--last", isLast)
  parts.root.classList.toggle("message--refused", Boolean(entry?.refused))
  const name = isMine ? say("you") : message.name || shop.hello?.name || say("us")
  const via = message.by_mail ? ` · ${say("byMail")}` : ""
  parts.who.textContent = name + via
  parts.who.classList.toggle("heard", (!isFirst || isMine) && !via)
  const content = JSON.stringify([message.text, message.tree, message.files?.map((one) => one.pk ?? one.name)])
  if (parts.content !== content) {
    parts.content = content
    const words = message.text || message.tree ? [proseOf(message)] : []
    parts.bubble.replaceChildren(...words, ...(message.files ?? []).map(fileNode))
  }
  drawFoot(parts, item)
  // Only when somebody looks: a line is left out where the next says the same.
  parts.root.title = isLast || isLastOfMine ? "" : clockOf(message.at)
}

// Drawn anew only when it says something else: a button in it keeps the focus.
function drawFoot(parts, item) {
  const { message, entry, isLast, isLastOfMine } = item
  const now = JSON.stringify([entry?.refused, Boolean(entry), entry && isOffline(), isLast, isLastOfMine, isRead(message)])
  if (parts.said === now) return
  parts.said = now
  parts.foot.replaceChildren(...footOf(item))
  parts.foot.hidden = !parts.foot.childNodes.length
}

function footOf({ message, entry, isLast, isLastOfMine }) {
  if (entry?.refused) return refusedFoot(entry)
  if (entry) return [make("span", {}, say(isOffline() ? "waiting" : "sending"))]
  const time = make("time", { datetime: message.at }, clockOf(message.at))
  if (isLastOfMine) return [make("span", {}, time, ` · ${say(isRead(message) ? "seen" : "sent")}`)]
  return isLast ? [time] : []
}

const isRead = (message) => message.seq <= talk.theirRead

function refusedFoot(entry) {
  const button = (words, onclick) => make("button", { type: "button", className: "word", onclick }, words)
  return [
    make("span", { className: "message__trouble", role: "alert" }, sign("alert"), `${say("notSent")}. ${entry.refused}`),
    button(say("again"), () => { outbox.again(entry.id); composer.focus() }),
    button(say("discard"), () => { outbox.drop(entry.id); composer.focus() }),
  ]
}

function fileNode(file) {
  const label = `${file.name}, ${sizeOf(file.size)}${file.url ? `, ${say("newTab")}` : ""}`
  if (!file.is_image || !file.url) return fileChip(file, label)
  const picture = make("img", { src: fileAddress(file), alt: file.name, loading: "lazy", decoding: "async" })
  const link = anchor(fileAddress(file), picture)
  link.className = "picture"
  link.setAttribute("aria-label", label)
  // A page whose policy shows no pictures of ours shows their names.
  picture.addEventListener("error", () => link.replaceWith(fileChip(file, label)))
  return link
}

const fileAddress = (file) => new URL(file.url, BASE).href

function fileChip(file, label) {
  const inside = [sign("file"), make("span", { className: "file__name" }, file.name), make("span", { className: "file__size" }, sizeOf(file.size))]
  if (!file.url) return make("div", { className: "file" }, ...inside)
  const link = anchor(fileAddress(file), ...inside)
  link.className = "file"
  link.setAttribute("aria-label", label)
  return link
}

const isOffline = () => !navigator.onLine || link.state === "lost"
