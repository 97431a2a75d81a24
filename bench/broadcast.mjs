// The bare reference: what is POSTed goes to every socket, and nothing else happens.
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

const server = createServer((request, response) => {
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    const message = Buffer.concat(parts).toString()
    for (const client of sockets.clients) client.send(message)
    response.writeHead(201, { 'content-length': 0 }).end()
  })
})
const sockets = new WebSocketServer({ server })
server.listen(Number(process.argv[2]), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
