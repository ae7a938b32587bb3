// "(2) Lamps": the page's title counts what came while the page was not looked at.

const MARK = /^\(\d+\) /
const isAway = () => document.visibilityState === "hidden"

function plainTitle() {
  return title.isMarked ? document.title.replace(MARK, "") : document.title
}

const title = {
  isMarked: false,

  draw() {
    const count = isAway() ? talk.unread() : 0
    const plain = plainTitle()
    if (!count && !this.isMarked) return
    document.title = count ? `(${count}) ${plain}` : plain
    this.isMarked = count > 0
  },

  start() {
    hub.on("talk", () => this.draw())
    document.addEventListener("visibilitychange", () => this.draw())
  },
}
