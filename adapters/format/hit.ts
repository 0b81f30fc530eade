/** A line of an access log in the common log format. A field written `-` holds nothing and is `undefined`. */
export interface CommonHit {
  /** Name or address of the client, as written: `203.0.113.7`, `::1`, `[::1]`. */
  readonly host: string
  /** Identity by the client's ident server (RFC 1413); hardly ever there. */
  readonly ident: string | undefined
  /** User by HTTP authentication; empty if the client gave an empty name. */
  readonly user: string | undefined
  /** When the request came in (Apache) or was done with (nginx), epoch ms. Logs have whole seconds. */
  readonly time: number
  /** First line of the request: `GET /a?b=c HTTP/1.1`, or whatever the client sent in its place. */
  readonly request: string
  /** The request's first word; `undefined`, like the next two, if the request is not of the form `METHOD path PROTOCOL`. */
  readonly method: string | undefined
  /** What lies between the first and the last word: path and query, or for a proxy the whole URL. */
  readonly path: string | undefined
  /** The request's last word: `HTTP/1.1`. */
  readonly protocol: string | undefined
  readonly status: number
  /**
   * Size of the response without its head. Apache writes `-` for none, others for a size they don't know: it is `undefined`
   * and not 0, so that whoever sums or averages decides which it is.
   */
  readonly bytes: number | undefined
}

/** A line of an access log in the combined log format: the common one, and what the client said of itself. */
export interface CombinedHit extends CommonHit {
  /** The page that led here, by the client's account. */
  readonly referer: string | undefined
  /** The client's name for itself. */
  readonly agent: string | undefined
}
