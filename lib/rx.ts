// The two parts of RxJS that lib is built on, by their own names in RxJS's exports map. `from 'rxjs'` gives the same classes,
// but loads some two hundred files of operators first, which is a third of the start-up time of the command.
export { Observable } from 'rxjs/internal/Observable'
export { Subscription } from 'rxjs/internal/Subscription'
