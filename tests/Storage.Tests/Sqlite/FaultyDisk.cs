using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ebb.Storage.Tests.Sqlite;

/// <summary>
/// A disk that fails when the test says so: SQLite's own way to the file system with some calls put in front of it
/// (sqlite.org/vfs.html, the structures sqlite3_vfs and sqlite3_io_methods).
/// </summary>
internal sealed unsafe partial class FaultyDisk : IDisposable
{
    private const string Name = "ebb-faulty";
    private const int Ok = 0;
    private const int Full = 13;
    private const int WriteError = 10 | (3 << 8);
    private const int FlushError = 10 | (4 << 8);
    private const int LockError = 10 | (15 << 8);

    private static readonly ConcurrentDictionary<string, FaultyDisk> Disks = new();
    private static readonly ConcurrentDictionary<nint, (FaultyDisk Disk, nint Methods)> Files = new();
    private static readonly ConcurrentDictionary<nint, nint> Patched = new();
    private static readonly VfsStart* Original = Register();

    private int _flushes;

    public FaultyDisk(string directory)
    {
        Directory = directory;
        Disks[directory] = this;
    }

    public string Directory { get; }

    public string Vfs { get; } = Name;

    /// <summary>How many more bytes fit.</summary>
    public long FreeBytes { get; set; } = long.MaxValue;

    /// <summary>Fsync fails.</summary>
    public bool RefusesFlush { get; set; }

    /// <summary>Locks are not supported.</summary>
    public bool RefusesLocks { get; set; }

    /// <summary>Completes an fsync only when this is set.</summary>
    public ManualResetEventSlim FlushGate { get; } = new(true);

    /// <summary>After this many writes and fsyncs nothing happens on the disk any more, as after a power failure.</summary>
    public int StepsUntilCrash { get; set; } = int.MaxValue;

    public bool Crashed => StepsUntilCrash <= 0;

    /// <summary>How many fsyncs there were.</summary>
    public int Flushes => _flushes;

    public void Dispose() => Disks.TryRemove(Directory, out _);

    private bool Step() => StepsUntilCrash == int.MaxValue || (StepsUntilCrash > 0 && StepsUntilCrash-- > 0);

    private static VfsStart* Register()
    {
        var original = Find(null);
        var copy = (VfsStart*)NativeMemory.AllocZeroed(VfsStart.Length);
        Buffer.MemoryCopy(original, copy, VfsStart.Length, VfsStart.Length);
        copy->Name = Marshal.StringToCoTaskMemUTF8(Name);
        copy->Next = null;
        copy->Open = &Open;
        if (Register(copy, makeDefault: 0) != Ok)
            throw new InvalidOperationException("SQLite did not take the file system.");
        return original;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(VfsStart* vfs, byte* name, nint* file, int flags, int* outFlags)
    {
        var result = Original->Open(vfs, name, file, flags, outFlags);
        if (result == Ok && Path.GetDirectoryName(Marshal.PtrToStringUTF8((nint)name)) is { } directory && Disks.TryGetValue(directory, out var disk))
        {
            Files[(nint)file] = (disk, *file);
            *file = Patched.GetOrAdd(*file, Patch);
        }
        return result;
    }

    private static nint Patch(nint methods)
    {
        const int Length = 152;
        var copy = NativeMemory.Alloc(Length);
        Buffer.MemoryCopy((void*)methods, copy, Length, Length);
        var patched = (MethodsStart*)copy;
        patched->Write = &Write;
        patched->Sync = &Sync;
        patched->Lock = &Lock;
        return (nint)copy;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint file, void* bytes, int length, long offset)
    {
        var (disk, methods) = Files[file];
        if (!disk.Step())
            return WriteError;
        if (length > disk.FreeBytes)
            return Full;
        if (disk.FreeBytes != long.MaxValue)
            disk.FreeBytes -= length;
        return ((MethodsStart*)methods)->Write(file, bytes, length, offset);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(nint file, int flags)
    {
        var (disk, methods) = Files[file];
        Interlocked.Increment(ref disk._flushes);
        disk.FlushGate.Wait();
        return disk.RefusesFlush || !disk.Step() ? FlushError : ((MethodsStart*)methods)->Sync(file, flags);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Lock(nint file, int level)
    {
        var (disk, methods) = Files[file];
        return disk.RefusesLocks ? LockError : ((MethodsStart*)methods)->Lock(file, level);
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial VfsStart* Find(byte* name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial int Register(VfsStart* vfs, int makeDefault);

    [StructLayout(LayoutKind.Sequential)]
    private struct VfsStart
    {
        public const int Length = 168;

        public int Version;
        public int FileLength;
        public int PathLength;
        public VfsStart* Next;
        public nint Name;
        public nint Data;
        public delegate* unmanaged[Cdecl]<VfsStart*, byte*, nint*, int, int*, int> Open;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MethodsStart
    {
        public nint Version;
        public nint Close;
        public nint Read;
        public delegate* unmanaged[Cdecl]<nint, void*, int, long, int> Write;
        public nint Truncate;
        public delegate* unmanaged[Cdecl]<nint, int, int> Sync;
        public nint FileSize;
        public delegate* unmanaged[Cdecl]<nint, int, int> Lock;
    }
}
