// One peer's part of the benchmark: reads commands from standard input, one a line, and answers each with a line of JSON.
//   handle <count>        eight producers and eight workers at once; {"seconds": from the first enqueue to the last job done}
//   drain <count>         the same jobs, waiting before the workers start; from the first job done to the last
//   enqueue <per second> <seconds>   one call each at its time; {"milliseconds": [how long each took]}
import { createInterface } from 'node:readline';

export const producers = 8;
export const workers = 8;
export const payload = number => ({ image: 'registry.example.com/library/alpine', tag: '3.20', number });

/** Runs the commands against a queue: {start(done), stop(), enqueue(payload), fill(payloads), clear()}. */
export async function serve(queue) {
  console.log(JSON.stringify({ ready: true }));
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, ...numbers] = line.split(' ');
    const [first, second] = numbers.map(Number);
    const answer = { handle, drain, enqueue }[command];
    if (!answer) throw new Error(`"${command}" is no command of this driver`);
    console.log(JSON.stringify(await answer(queue, first, second)));
  }
  await queue.end();
}

async function handle(queue, count) {
  const finished = countdown(count);
  await queue.start(finished.one);
  const began = performance.now();
  let next = 0;
  await Promise.all(Array.from({ length: producers }, async () => {
    while (next < count) await queue.enqueue(payload(next++));
  }));
  await finished.all;
  const seconds = (performance.now() - began) / 1000;
  await queue.stop();
  return { seconds };
}

async function drain(queue, count) {
  const finished = countdown(count);
  await queue.fill(Array.from({ length: count }, (_, number) => payload(number)));
  await queue.start(finished.one);
  await finished.all;
  const seconds = (performance.now() - finished.first) / 1000;
  await queue.stop();
  return { seconds };
}

// Calls start when they are due, whether or not earlier ones have been answered: a slow queue cannot slow its own clock.
async function enqueue(queue, perSecond, seconds) {
  const finished = countdown(perSecond * seconds);
  await queue.start(finished.one);
  const began = performance.now();
  const calls = [];
  for (let number = 0; number < perSecond * seconds; number++) {
    const due = began + (number * 1000) / perSecond;
    const pause = due - performance.now();
    if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause));
    calls.push(queue.enqueue(payload(number)).then(() => performance.now() - due));
  }
  const milliseconds = await Promise.all(calls);
  await finished.all;
  await queue.stop();
  return { milliseconds };
}

function countdown(count) {
  let resolve;
  const all = new Promise(done => { resolve = done; });
  const counter = { all, first: 0, one: () => { counter.first ||= performance.now(); if (--count === 0) resolve(); } };
  return counter;
}
