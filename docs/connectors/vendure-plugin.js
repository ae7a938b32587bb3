// Tells Makegood what happens to orders and products of a Vendure store (version 3).
//
// Put this file beside the store's vendure-config, add MakegoodPlugin to its `plugins`, and give
// the store, in its environment, the address and the secret that Makegood showed when it was
// connected:
//
//   MAKEGOOD_URL=https://help.example.com/signals/…/
//   MAKEGOOD_SECRET=whsec_…
//
// Every message is signed as Standard Webhooks describes it. It names an order or a product and
// says nothing else of it: Makegood asks the store what that is like now.
const { createHmac, randomUUID } = require('node:crypto')
const {
  ConfigService, EventBus, FulfillmentEvent, Logger, OrderPlacedEvent,
  OrderStateTransitionEvent, PaymentStateTransitionEvent, PluginCommonModule, ProductEvent,
  ProductVariant, ProductVariantEvent, RefundEvent, RefundStateTransitionEvent,
  StockMovementEvent, TransactionalConnection, VendurePlugin,
} = require('@vendure/core')

const TRIES = 5
const SECONDS = 10

function signed(body) {
  const id = `msg_${randomUUID()}`
  const at = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(process.env.MAKEGOOD_SECRET.replace(/^whsec_/, ''), 'base64')
  const mark = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${mark}` }
}

async function post(body) {
  for (let tried = 1; tried <= TRIES; tried += 1) {
    // What the store has just done is not committed yet: it is told a moment later.
    await new Promise((done) => { setTimeout(done, tried * tried * 1000) })
    try {
      const answer = await fetch(process.env.MAKEGOOD_URL, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed(body) },
        body,
        signal: AbortSignal.timeout(SECONDS * 1000),
      })
      if (answer.ok) return
    } catch { /* not reached: once more */ }
  }
  Logger.warn(`Makegood was not reached about ${body}`, 'Makegood')
}

class MakegoodPlugin {
  constructor(events, config, connection) {
    this.events = events
    this.ids = config.entityOptions.entityIdStrategy
    this.connection = connection
  }

  onApplicationBootstrap() {
    if (!process.env.MAKEGOOD_URL || !process.env.MAKEGOOD_SECRET) return
    this.tellOf(OrderPlacedEvent, 'order.placed')
    this.tellOf(OrderStateTransitionEvent, 'order.state')
    this.tellOf(PaymentStateTransitionEvent, 'payment.state')
    this.tellOf(RefundEvent, 'refund')
    this.tellOf(RefundStateTransitionEvent, 'refund.state')
    this.tellOf(FulfillmentEvent, 'fulfillment')
    this.events.ofType(ProductEvent).subscribe(({ entity, type }) => {
      this.tellOfProduct(`product.${type}`, entity.id)
    })
    this.events.ofType(ProductVariantEvent).subscribe(({ ctx, entity, type }) => {
      this.tellOfVariants(ctx, `variant.${type}`, entity)
    })
    this.events.ofType(StockMovementEvent).subscribe(({ ctx, stockMovements }) => {
      this.tellOfVariants(ctx, 'stock', stockMovements.map((one) => one.productVariant))
    })
  }

  idOf(id) {
    return String(this.ids ? this.ids.encodeId(id) : id)
  }

  tellOfProduct(topic, id) {
    post(JSON.stringify({ topic, product: this.idOf(id) }))
  }

  /** Each product once, of which variants changed or are counted anew. */
  async tellOfVariants(ctx, topic, variants) {
    const products = new Set()
    for (const one of variants) {
      const found = one.productId ? one : await this.connection
        .getRepository(ctx, ProductVariant).findOne({ where: { id: one.id } })
      if (found?.productId) products.add(found.productId)
    }
    for (const id of products) this.tellOfProduct(topic, id)
  }

  tellOf(kind, topic) {
    this.events.ofType(kind).subscribe(({ order }) => {
      if (!order || !order.orderPlacedAt) return // a cart
      post(JSON.stringify({ topic, order: this.idOf(order.id) }))
    })
  }
}
Reflect.defineMetadata('design:paramtypes', [EventBus, ConfigService, TransactionalConnection],
  MakegoodPlugin)
VendurePlugin({ imports: [PluginCommonModule], compatibility: '^3.0.0' })(MakegoodPlugin)

module.exports = { MakegoodPlugin }
