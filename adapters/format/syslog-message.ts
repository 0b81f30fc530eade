/** What a message of syslog says. What it leaves out is undefined. */
export interface SyslogMessage {
  /** Where it comes from, 0 to 23: 0 the kernel, 1 a user's process, 3 a daemon, 4 and 10 security, 16 to 23 local use. */
  readonly facility: number
  /** 0 emergency, 1 alert, 2 critical, 3 error, 4 warning, 5 notice, 6 information, 7 debugging. */
  readonly severity: number
  /** Epoch ms. */
  readonly time: number
  readonly host: string | undefined
  /** The program: APP-NAME, or what stands before `[` or `:` in the older format. */
  readonly app: string | undefined
  /** PROCID, most often the number of the process. */
  readonly process: string | undefined
  /** MSGID, the kind of message. */
  readonly messageId: string | undefined
  /** Structured data: the parameters of each element. */
  readonly data: SyslogData | undefined
  readonly message: string
}

/** Parameters by their names, by the ids of the elements they stand in. */
export type SyslogData = Readonly<Record<string, Readonly<Record<string, string>>>>
