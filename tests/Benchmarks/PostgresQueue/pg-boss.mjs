// pg-boss: eight workers; it polls, every half second at the quickest, so each takes up to 1,000 jobs at a time.
import PgBoss from 'pg-boss';
import { serve, workers } from './peer.mjs';

const boss = new PgBoss({ connectionString: process.env.EBB_BENCH_POSTGRES_URL, max: 16 });
boss.on('error', error => { throw error; });
await boss.start();
await boss.createQueue('mirror');

await serve({
  async start(done) {
    const handler = async jobs => { for (const _ of jobs) done(); };
    for (let worker = 0; worker < workers; worker++) {
      await boss.work('mirror', { batchSize: 1000, pollingIntervalSeconds: 0.5 }, handler);
    }
  },
  stop: () => boss.offWork('mirror'),
  enqueue: payload => boss.send('mirror', payload),
  async fill(payloads) {
    for (let from = 0; from < payloads.length; from += 1000) {
      await boss.insert(payloads.slice(from, from + 1000).map(data => ({ name: 'mirror', data })));
    }
  },
  end: () => boss.stop({ graceful: false }),
});
