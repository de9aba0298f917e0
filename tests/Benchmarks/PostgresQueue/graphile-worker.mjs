// graphile-worker: eight runners, each with as many jobs at once as a worker of Ebb (24).
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { producers, serve, workers } from './peer.mjs';

const connectionString = process.env.EBB_BENCH_POSTGRES_URL;
const pool = new pg.Pool({ connectionString, max: producers * 2 });
pool.on('error', error => { throw error; });
// A line for each job would be measured too.
const logger = new Logger(() => (level, message) => { if (level === 'error' || level === 'warning') console.error(message); });
const utils = await makeWorkerUtils({ pgPool: pool, logger });
await utils.migrate();
let runners = [];

await serve({
  async start(done) {
    runners = await Promise.all(Array.from({ length: workers }, () => run({
      connectionString, concurrency: 24, maxPoolSize: 24, pollInterval: 1000, noHandleSignals: true, logger,
      taskList: { mirror: async () => done() },
      preset: process.env.EBB_BENCH_LOCAL_QUEUE === '1'
        ? { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } } : undefined,
    })));
  },
  async stop() {
    await Promise.all(runners.map(runner => runner.stop()));
    const { rows: [{ left }] } = await pool.query('select count(*)::int as left from graphile_worker._private_jobs');
    if (left > 0) throw new Error(`${left} jobs are left after all were done`);
  },
  enqueue: payload => utils.addJob('mirror', payload),
  fill: payloads => utils.addJobs(payloads.map(payload => ({ identifier: 'mirror', payload }))),
  async end() {
    await utils.release();
    await pool.end();
  },
});
