#!/usr/bin/env node
import { main } from './main.ts'

function onInterrupt(interrupt: () => void): () => void {
  let isSecond = false
  const onSignal = (): void => {
    // Whoever asks twice does not want to wait.
    if (isSecond) process.exit(130)
    isSecond = true
    interrupt()
  }
  process.on('SIGINT', onSignal)
  return () => process.off('SIGINT', onSignal)
}

process.exitCode = await main(process.argv.slice(2), process, onInterrupt, process.env)
