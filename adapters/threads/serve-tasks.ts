import { type MessagePort, workerData } from 'node:worker_threads'

/** What a thread says: that it can begin, or what it made of a task. */
export type TaskMessage<Made> = 'ready' | { readonly made: Made }

/**
 * Does the tasks that a `TaskThread` gives this thread.
 *
 * @param load makes what does a task, of the settings that come before the first one
 * @param buffersOf those of what was made that are handed over and not copied
 */
export function serveTasks<Settings, Task, Made>(
  load: (settings: Settings) => ((task: Task) => Made) | Promise<(task: Task) => Made>,
  buffersOf: (made: Made) => readonly ArrayBuffer[] = () => [],
): void {
  // What `TaskThread` has given this thread.
  const port = workerData as MessagePort
  const say = (message: TaskMessage<Made>, buffers: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, buffers)

  async function begin(settings: Settings): Promise<void> {
    const perform = await load(settings)
    port.on('message', (task: Task) => {
      const made = perform(task)
      say({ made }, buffersOf(made))
    })
    say('ready')
  }

  port.once('message', (settings: Settings) => void begin(settings))
  // There are others to come, however long the loading takes.
  port.ref()
}
