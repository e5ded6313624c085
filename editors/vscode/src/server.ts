// Finds the language server's program and asks it who it is. Knows nothing of the editor, so that what
// it decides depends on its arguments only.

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as path from 'node:path';

/** Where the server may be looked for. */
export interface ServerLookup {
    /** The value of the setting `asl-lsp.server.path`, if there is one. */
    configured: string | null | undefined;
    /** The directories of `PATH`, in one string; undefined if they must not be looked at. */
    searchPath: string | undefined;
    /** The program inside the extension; it is absent in packages without one. */
    bundled: string;
}

/** A program that answered to `--version`. */
export interface Server {
    path: string;
    origin: 'setting' | 'PATH' | 'bundled';
    version: string;
}

/** No usable program was found; the message is meant for the user. */
export class ServerNotFound extends Error {}

const EXECUTABLE = process.platform === 'win32' ? 'asl-lsp.exe' : 'asl-lsp';
const SETTING = 'asl-lsp.server.path';

/**
 * Returns the server to run: the configured one, else the one on `PATH`, else the bundled one.
 *
 * A configured program that does not work is an error and not passed over, because the user asked for
 * that one. A stale program on `PATH` is passed over.
 */
export async function findServer(lookup: ServerLookup): Promise<Server> {
    if (lookup.configured) {
        const configured = lookup.configured.replace(/^~(?=[/\\])/, homedir());
        try {
            return { path: configured, origin: 'setting', version: await askVersion(configured) };
        } catch (error) {
            throw new ServerNotFound(`The program named by the setting ${SETTING} does not work: ${reason(error)}`);
        }
    }

    const problems: string[] = [];
    for (const [origin, program] of [
        ['PATH', await findOnPath(lookup.searchPath)],
        ['bundled', await existing(lookup.bundled)],
    ] as const) {
        if (program === undefined) continue;
        try {
            return { path: program, origin, version: await askVersion(program) };
        } catch (error) {
            problems.push(reason(error));
        }
    }
    const why = problems.length > 0 ? problems.join('; ') : `${EXECUTABLE} is not installed`;
    throw new ServerNotFound(`No language server to run: ${why}. Name one in the setting ${SETTING}.`);
}

/** Runs `program --version` and returns what follows the name. */
async function askVersion(program: string): Promise<string> {
    if (!path.isAbsolute(program)) throw new Error(`${program} is not an absolute path`);
    const answer = await new Promise<string>((resolve, reject) => {
        execFile(program, ['--version'], { timeout: 10_000 }, (error, stdout, stderr) => {
            if (!error) return resolve(stdout);
            const { code } = error as NodeJS.ErrnoException;
            const said = stderr.trim().split('\n', 1)[0];
            if (code === 'ENOENT') reject(new Error(`there is no ${program}`));
            else if (code === 'EACCES') reject(new Error(`${program} is not executable`));
            else if (error.killed) reject(new Error(`${program} --version did not end within 10 seconds`));
            else reject(new Error(`${program} --version failed${said ? `: ${said}` : ` with ${code ?? error.signal}`}`));
        });
    });
    const version = /^asl-lsp (\S+)/.exec(answer)?.[1];
    if (version === undefined) throw new Error(`${program} is not asl-lsp: it does not answer to --version as asl-lsp does`);
    return version;
}

async function findOnPath(searchPath: string | undefined): Promise<string | undefined> {
    for (const directory of searchPath?.split(path.delimiter) ?? []) {
        if (!path.isAbsolute(directory)) continue;
        const program = await existing(path.join(directory, EXECUTABLE));
        if (program !== undefined) return program;
    }
    return undefined;
}

async function existing(program: string): Promise<string | undefined> {
    return access(program, constants.X_OK).then(
        () => program,
        () => undefined,
    );
}

function reason(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
