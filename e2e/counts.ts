/** What a page holds on to: memory, workers, tensors, buffers, elements, listeners. For tests that nothing piles up. */
import { readFileSync } from 'node:fs';
import type { CDPSession, Page, Worker } from '@playwright/test';

export interface Counts {
  /** JavaScript heap of the page and of its worker after a collection, bytes. */
  pageHeap: number;
  workerHeap: number;
  /** Resident memory of all processes of the browser, bytes; NaN where the system does not tell it. */
  resident: number;
  workers: number;
  /** Of TensorFlow.js, in the worker. */
  tensors: number;
  /** GPU buffers that were made and neither destroyed nor collected, and their bytes. */
  buffers: number;
  bufferBytes: number;
  elements: number;
  listeners: number;
}

interface Counted {
  liveBuffers?: { count: number; bytes: number };
  _tfengine?: { memory(): { numTensors: number } };
}

/** Counts the buffers that this worker makes from now on; to be called before it has a device. */
async function countBuffers(worker: Worker): Promise<void> {
  await worker.evaluate(() => {
    if (!('GPUDevice' in globalThis)) return;
    const live = { count: 0, bytes: 0 };
    (globalThis as Counted).liveBuffers = live;
    const gone = (bytes: number) => {
      live.count--;
      live.bytes -= bytes;
    };
    const collected = new FinalizationRegistry(gone);
    const create = GPUDevice.prototype.createBuffer;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const buffer = create.call(this, descriptor);
      live.count++;
      live.bytes += descriptor.size;
      collected.register(buffer, descriptor.size, buffer);
      return buffer;
    };
    const destroy = GPUBuffer.prototype.destroy;
    GPUBuffer.prototype.destroy = function () {
      if (collected.unregister(this)) gone(this.size);
      return destroy.call(this);
    };
  });
}

export class Counter {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
    private readonly browser: CDPSession,
  ) {}

  /** To be called before the page is opened. */
  static async of(page: Page): Promise<Counter> {
    page.on('worker', (worker) => void countBuffers(worker).catch(() => {})); // one that ended at once has none
    const session = await page.context().newCDPSession(page);
    return new Counter(page, session, await page.context().browser()!.newBrowserCDPSession());
  }

  /** Takes stock after a collection of garbage everywhere. */
  async count(): Promise<Counts> {
    const worker = await this.worker();
    await this.session.send('HeapProfiler.collectGarbage');
    await worker.send('HeapProfiler.collectGarbage');
    // What was registered to be told of a collection hears of it in a task of its own.
    await this.page.workers()[0]?.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
    const { usedSize: pageHeap } = await this.session.send('Runtime.getHeapUsage');
    const { usedSize: workerHeap } = await worker.send<{ usedSize: number }>('Runtime.getHeapUsage');
    const { nodes: elements, jsEventListeners: listeners } = await this.session.send('Memory.getDOMCounters');
    const held = await this.page.workers()[0].evaluate(() => {
      const { liveBuffers, _tfengine } = globalThis as Counted;
      return { ...liveBuffers, tensors: _tfengine?.memory().numTensors ?? 0 };
    });
    await worker.detach();
    return {
      pageHeap,
      workerHeap,
      resident: await this.resident(),
      workers: this.page.workers().length,
      tensors: held.tensors,
      buffers: held.count ?? 0,
      bufferBytes: held.bytes ?? 0,
      elements,
      listeners,
    };
  }

  private async resident(): Promise<number> {
    const { processInfo } = await this.browser.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, { id }) => sum + residentOf(id), 0);
  }

  /** Playwright has no session for a worker: messages go through the page's, wrapped. */
  private async worker(): Promise<{
    send<T = unknown>(method: string): Promise<T>;
    detach(): Promise<void>;
  }> {
    const { session } = this;
    const attached = new Promise<string>((resolve) =>
      session.once('Target.attachedToTarget', ({ sessionId }) => resolve(sessionId)),
    );
    await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    const sessionId = await attached;
    let last = 0;
    return {
      send: <T>(method: string) => {
        const id = ++last;
        const answer = new Promise<T>((resolve, reject) => {
          const hear = (event: { sessionId: string; message: string }) => {
            const { id: answered, result, error } = JSON.parse(event.message);
            if (event.sessionId !== sessionId || answered !== id) return;
            session.off('Target.receivedMessageFromTarget', hear);
            if (error) reject(new Error(error.message));
            else resolve(result);
          };
          session.on('Target.receivedMessageFromTarget', hear);
        });
        const message = JSON.stringify({ id, method });
        return session.send('Target.sendMessageToTarget', { sessionId, message }).then(() => answer);
      },
      detach: async () => {
        await session.send('Target.setAutoAttach', {
          autoAttach: false,
          waitForDebuggerOnStart: false,
          flatten: false,
        });
      },
    };
  }
}

function residentOf(process: number): number {
  try {
    return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${process}/status`, 'utf8'))![1]);
  } catch {
    return Number.NaN;
  }
}
