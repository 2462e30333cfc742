// A Bluesky network for one test run: directory of identities, personal data server, AppView and what they need, all on loopback.
//
// Answers on standard output, a line of JSON each: its addresses when it is up, and `settled` whenever a line comes in and
// everything that was written is indexed. It ends when its standard input does, so it never outlives who started it.
import net from 'node:net'
import { createInterface } from 'node:readline'

// The servers of the network name a port and no host, and would answer the whole neighbourhood. Before they are loaded.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (where, ...others) {
  const port = typeof where === 'object' && where !== null ? where.port : where
  if (Number.isInteger(Number(port)) && port !== null) {
    const rest = others.filter((one) => typeof one === 'function')
    return listen.call(this, { port: Number(port), host: '127.0.0.1' }, ...rest)
  }
  return listen.call(this, where, ...others)
}
// Whatever a library has to say is talk.
console.log = console.error
const say = (data) => process.stdout.write(JSON.stringify(data) + '\n')

const { TestNetwork } = await import('@atproto/dev-env')
const network = await TestNetwork.create({ dbPostgresSchema: 'tribu' })
say({ pds: network.pds.url, appview: network.bsky.url })

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== 'settle') throw new Error(`expected settle; got ${line}`)
  await network.processAll(120_000)
  say({ settled: true })
}
await network.close()
process.exit(0)
