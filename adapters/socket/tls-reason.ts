/** What went wrong in a handshake, in a few words. OpenSSL's own messages name files and threads, and end with a line feed. */
export function tlsReason(error: Error): string {
  const { reason } = error as { readonly reason?: unknown }
  return `TLS: ${typeof reason === 'string' ? reason : error.message.trim()}`
}
