//! The web process: login, REST, WebSocket, replica.
