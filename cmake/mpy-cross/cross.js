// Compiles Python to .mpy version 6 with the WebAssembly build of the stock compiler.
//
//   node cross.js [-o out.mpy] [-s name] [-O<level>] in.py
//   node cross.js --batch list
//
// In a batch, each line of the file `list` (`-` for standard input) is
//     in.py<TAB>out.mpy[<TAB>name[<TAB>level]]
// `name` is what tracebacks print; it is by default the path of the source. All files are tried; the exit
// status is 1 when one failed, and each failure is a line "in.py: message" on standard error.

'use strict';

// The package would fetch its own .wasm file over HTTP if it found this function.
delete globalThis.fetch;

const fs = require('fs');
const path = require('path');
const { compile } = require('@pybricks/mpy-cross-v6');

// An internal assertion of the compiler ends its run without an answer.
const TIMEOUT_MS = 20000;

function usage(message) {
  console.error(`cross.js: ${message}`);
  console.error('usage: node cross.js [-o out.mpy] [-s name] [-O<level>] in.py | --batch list');
  process.exit(2);
}

function parseArguments(args) {
  const job = { level: '0' };
  const take = (i, flag) => (i < args.length ? args[i] : usage(`${flag} needs a value`));
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--batch') return { batch: take(++i, arg) };
    if (arg === '-o') job.output = take(++i, arg);
    else if (arg === '-s') job.name = take(++i, arg);
    else if (arg === '-O') job.level = take(++i, arg);
    else if (/^-O.$/.test(arg)) job.level = arg[2];
    else if (arg.startsWith('-') && arg !== '-') usage(`unknown option ${arg}`);
    else if (job.input) usage('more than one source file');
    else job.input = arg;
  }
  if (!job.input) usage('no source file');
  return complete(job);
}

function complete(job) {
  job.output = job.output || job.input.replace(/(\.py)?$/, '.mpy');
  job.name = job.name || job.input;
  job.level = job.level || '0';
  if (!/^[0-3]$/.test(job.level)) usage(`-O takes 0 to 3, not ${job.level}`);
  return job;
}

function readBatch(list) {
  const text = fs.readFileSync(list === '-' ? 0 : list, 'utf8');
  return text.split(/\r?\n/).filter(line => line !== '').map(line => {
    const [input, output, name, level] = line.split('\t');
    return complete({ input, output, name, level });
  });
}

function rethrow(error) {
  console.error(error);
  process.exit(2);
}

// What to do with an error that no promise carries.
let fatal = rethrow;

// Each run of the compiler adds listeners of its own, which would end the process: ours take their place.
function listenForFatal() {
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.removeAllListeners(event);
    process.on(event, error => fatal(error));
  }
}

// The compiler sees a file system of its own, in which these two names exist.
async function compileOne(job) {
  const source = new Uint8Array(fs.readFileSync(job.input));
  const options = ['-o', 'out.mpy', '-s', job.name, `-O${job.level}`];
  let timer;
  const noAnswer = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('the compiler gave no answer')), TIMEOUT_MS);
    fatal = error => {
      // How the WebAssembly run time ends a program, with the answer delivered before.
      if (error && error.name === 'ExitStatus') return;
      reject(new Error(`the compiler aborted: ${(error && error.message) || error}`));
    };
  });
  try {
    const answer = compile('in.py', source, options);
    listenForFatal();
    const result = await Promise.race([answer, noAnswer]);
    if (result.status !== 0) {
      throw new Error(result.out.concat(result.err).join('\n').trim() || `exit status ${result.status}`);
    }
    fs.mkdirSync(path.dirname(path.resolve(job.output)), { recursive: true });
    fs.writeFileSync(job.output, Buffer.from(result.mpy, 'binary'));
  } finally {
    clearTimeout(timer);
    fatal = rethrow;
  }
}

async function main() {
  const request = parseArguments(process.argv.slice(2));
  const jobs = request.batch === undefined ? [request] : readBatch(request.batch);
  let failures = 0;
  for (const job of jobs) {
    try {
      await compileOne(job);
    } catch (error) {
      failures++;
      fs.rmSync(job.output, { force: true });
      console.error(`${job.input}: ${error.message}`);
    }
  }
  process.exit(failures === 0 ? 0 : 1);
}

main();
