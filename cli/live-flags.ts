import type { FlagGroup } from './flag.ts'

/** Inputs that go on. */
export const liveFlags: FlagGroup = {
  title: 'Live',
  flags: [
    {
      name: 'follow',
      short: 'f',
      help: 'read each FILE, and then what is written to it, by its name through rotations, until Ctrl-C; a glob also means files to come',
    },
    {
      name: 'from',
      value: 'PLACE',
      expects: 'start or end',
      choices: ['start', 'end'],
      help: 'with --follow: where to begin in a file that is there (default: start)',
    },
    {
      name: 'speed',
      value: 'N',
      expects: 'a number above 0, such as 10, or max',
      choices: ['max'],
      help: 'of tidemark replay: how many times as fast as it was recorded, or max for as fast as can be (default: 1)',
    },
    {
      name: 'listen',
      value: 'ADDRESS',
      expects: 'an address: tcp://HOST:PORT, udp://HOST:PORT or unix:PATH',
      choices: ['tcp://', 'udp://', 'unix:'],
      multiple: true,
      help: 'take lines from whoever connects: tcp://:9000 from this machine, tcp://0.0.0.0:9000 from any, udp://:5514, unix:/run/app.sock',
    },
  ],
}
