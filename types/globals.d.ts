// Members that sluice has and @types/node does not declare, and its globals beyond Node's and the
// language's. Task and ARGUMENT are in task.d.ts.

declare global {
  interface BufferConstructor {
    /** Buffer.from() for strings only. */
    fromString(text: string, encoding?: BufferEncoding): Buffer<ArrayBuffer>;
    /** Buffer.alloc() by another name. */
    allocSafe(
      size: number,
      fill?: string | Uint8Array | number,
      encoding?: BufferEncoding,
    ): Buffer<ArrayBuffer>;
  }

  interface Buffer {
    /** Its bytes as numbers. */
    toArray(): number[];
  }

  namespace NodeJS {
    interface ErrnoException {
      /** Of errors of a connection's: which one failed. Not enumerable. */
      connection?: import('net').ConnectionBrief;
    }
    /** In User Mode; docs/permissions.md. */
    interface ProcessPermission {
      /** Denies all of a scope, or what value means, from now on. */
      drop(scope: PermissionScope, value?: string | Uint8Array): void;
      /** What the kernel refuses as well. */
      readonly confined: ('files' | 'listen' | 'connect' | 'signal')[];
    }
    interface Process {
      /** What this task may do, as a policy file has it. */
      getPermissions(): { allow: PermissionRules; deny: PermissionRules };
    }
    /** Of the event 'permission' of process: what --permission-audit would have denied. */
    interface PermissionEvent {
      scope: PermissionScope;
      resource: string;
      /** The task's id. */
      task: number;
      /** Where it was asked for, '' if a worker did. */
      stack: string;
    }
    interface ProcessVersions {
      /** The version of sluice; only sluice has it. */
      sluice: string;
      /** The version of JavaScriptCore. */
      jsc: string;
    }
  }
}

declare module 'fs' {
  const F_OK: number;
  const R_OK: number;
  const W_OK: number;
  const X_OK: number;
}

declare module 'querystring' {
  /** Decodes percent-encoded bytes. */
  function unescapeBuffer(text: string, decodeSpaces?: boolean): Buffer;
}

export {};
