export { attachSocket, type AttachOptions, type SocketConnection } from './ws-server.js';
export { connect, connectTransport, type ConnectOptions } from './ws-client.js';
