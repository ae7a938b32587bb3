// Small manners of the panel: where the focus may go, what may be dropped on it, its one line.

const REACHABLE = "a[href], button, input:not([type=file]), select, textarea, [tabindex='0']"

// On a phone nothing behind the chat can be seen: the keys stay in it, too.
function keepInside(event, root) {
  const all = [...root.querySelectorAll(REACHABLE)].filter((one) => one.tabIndex >= 0 && one.checkVisibility())
  const now = face.shade.activeElement
  const [edge, other] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]]
  if (now !== edge && all.includes(now)) return
  event.preventDefault()
  other?.focus()
}

function takeDrops(root, drop) {
  let depth = 0
  const show = (change) => { depth = change; drop.hidden = !depth || panel.view !== "talk" }
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files")
  root.addEventListener("dragenter", (event) => hasFiles(event) && show(depth + 1))
  root.addEventListener("dragleave", (event) => hasFiles(event) && show(Math.max(0, depth - 1)))
  root.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault())
  root.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    if (panel.view === "talk") uploads.add(event.dataTransfer.files)
    show(0)
  })
}

// On the first page the words below say when we are back; later only this line does.
function closedWords(hello, view) {
  const when = view === "home" ? "" : whenOf(hello.opens)
  return when ? say("opens", when) : say("closed")
}
