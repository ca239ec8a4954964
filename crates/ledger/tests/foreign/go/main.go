// Holds what this project writes against golang.org/x/mod/sumdb/note and tlog, and writes what it must read.
//
//	GO111MODULE=off go build -o foreign .     (Debian: golang-go golang-golang-x-mod-dev)
//	foreign trees < CASES                     roots and proofs of random trees
//	foreign note VKEY FILE                    opens a signed note, prints its text
//	foreign cosigned VKEY FILE                opens a checkpoint by a witness's Ed25519 cosignature, prints its time
//	foreign sign SKEY FILE                    signs a text
//	foreign read FOLDER VKEY OLD              reads a tiled log, proves every entry and its growth from OLD entries
//	foreign write FOLDER SKEY ORIGIN OLD SIZE writes a tiled log and a request to witness its growth from OLD entries
package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "foreign:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 1 && args[0] == "trees":
		return trees()
	case len(args) == 3 && args[0] == "note":
		return openNote(args[1], args[2])
	case len(args) == 3 && args[0] == "cosigned":
		return openCosigned(args[1], args[2])
	case len(args) == 3 && args[0] == "sign":
		return signText(args[1], args[2])
	case len(args) == 4 && args[0] == "read":
		return readLog(args[1], args[2], args[3])
	case len(args) == 6 && args[0] == "write":
		return writeLog(args[1], args[2], args[3], args[4], args[5])
	}
	return errors.New("see the top of main.go")
}

// storage is all hashes of a tree in memory.
type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		out[i] = s[at]
	}
	return out, nil
}

func (s *storage) add(n int64, record []byte) error {
	hashes, err := tlog.StoredHashes(n, record, *s)
	*s = append(*s, hashes...)
	return err
}

// trees reads lines "size index old root inclusion consistency", the proofs as hashes with commas between or "-". The
// records of line l (from 0) are "l n".
func trees() error {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	lines := 0
	for ; in.Scan(); lines++ {
		fields := strings.Fields(in.Text())
		if len(fields) != 6 {
			return fmt.Errorf("line %d has %d fields", lines, len(fields))
		}
		var numbers [3]int64
		for i := range numbers {
			n, err := strconv.ParseInt(fields[i], 10, 64)
			if err != nil {
				return err
			}
			numbers[i] = n
		}
		size, index, old := numbers[0], numbers[1], numbers[2]
		var s storage
		for n := int64(0); n < size; n++ {
			if err := s.add(n, []byte(fmt.Sprintf("%d %d", lines, n))); err != nil {
				return err
			}
		}
		root, err := tlog.TreeHash(size, s)
		if err != nil {
			return err
		}
		inclusion, err := tlog.ProveRecord(size, index, s)
		if err != nil {
			return err
		}
		consistency, err := tlog.ProveTree(size, old, s)
		if err != nil {
			return err
		}
		ours := strings.Join(fields[3:], " ")
		theirs := root.String() + " " + join(inclusion) + " " + join(consistency)
		if ours != theirs {
			return fmt.Errorf("line %d: ours %s, Go's %s", lines, ours, theirs)
		}
	}
	fmt.Println(lines)
	return in.Err()
}

func join(hashes []tlog.Hash) string {
	if len(hashes) == 0 {
		return "-"
	}
	var texts []string
	for _, hash := range hashes {
		texts = append(texts, hash.String())
	}
	return strings.Join(texts, ",")
}

func openNote(vkey, file string) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	text, err := open(file, verifier)
	fmt.Print(text)
	return err
}

func open(file string, verifier note.Verifier) (string, error) {
	msg, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	opened, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return "", err
	}
	return opened.Text, nil
}

// witness verifies Ed25519 cosignatures, written here from c2sp.org/tlog-cosignature.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
	time uint64
}

func newWitness(vkey string) (*witness, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("malformed key")
	}
	blob, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(blob) != 33 || blob[0] != 4 {
		return nil, errors.New("not an Ed25519 cosignature key")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), blob...))
	hash := binary.BigEndian.Uint32(sum[:])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		return nil, errors.New("wrong identifier")
	}
	return &witness{name: parts[0], hash: hash, key: blob[1:]}, nil
}

func (w *witness) Name() string    { return w.name }
func (w *witness) KeyHash() uint32 { return w.hash }
func (w *witness) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	w.time = binary.BigEndian.Uint64(sig)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", w.time, msg)
	return ed25519.Verify(w.key, []byte(signed), sig[8:])
}

func openCosigned(vkey, file string) error {
	w, err := newWitness(vkey)
	if err != nil {
		return err
	}
	if _, err := open(file, w); err != nil {
		return err
	}
	fmt.Println(w.time)
	return nil
}

func signText(skey, file string) error {
	signer, err := note.NewSigner(skey)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	msg, err := note.Sign(&note.Note{Text: string(text)}, signer)
	os.Stdout.Write(msg)
	return err
}

// folder reads tiles of height 8 under the paths of c2sp.org/tlog-tiles, which leave the height out.
type folder string

func (f folder) file(tile tlog.Tile) string {
	return filepath.Join(string(f), strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
}

func (f folder) Height() int { return 8 }
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(f.file(tile))
		if os.IsNotExist(err) && tile.W < 256 {
			full := tile
			full.W = 256
			data, err = os.ReadFile(f.file(full))
			if err == nil {
				data = data[:tile.W*32]
			}
		}
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func readLog(dir, vkey, oldText string) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	text, err := open(filepath.Join(dir, "checkpoint"), verifier)
	if err != nil {
		return err
	}
	lines := strings.Split(text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, folder(dir))
	for n := int64(0); n < size; n++ {
		entry, err := readEntry(dir, n, size)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveRecord(size, n, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, size, root, n, tlog.RecordHash(entry)); err != nil {
			return fmt.Errorf("entry %d: %w", n, err)
		}
	}
	old, err := strconv.ParseInt(oldText, 10, 64)
	if err != nil {
		return err
	}
	oldRoot, err := tlog.TreeHash(old, reader)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(size, old, reader)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, size, root, old, oldRoot); err != nil {
		return err
	}
	fmt.Println(size, oldRoot)
	return nil
}

func readEntry(dir string, n, size int64) ([]byte, error) {
	bundle := tlog.Tile{H: 8, L: 0, N: n / 256, W: 256}
	if left := size - bundle.N*256; left < 256 {
		bundle.W = int(left)
	}
	path := strings.Replace(bundle.Path(), "tile/8/0/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil {
		return nil, err
	}
	for at := int64(0); len(data) >= 2; at++ {
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			break
		}
		if at == n%256 {
			return data[2 : 2+length], nil
		}
		data = data[2+length:]
	}
	return nil, fmt.Errorf("no entry %d in %s", n, path)
}

func writeLog(dir, skey, origin, oldText, sizeText string) error {
	signer, err := note.NewSigner(skey)
	if err != nil {
		return err
	}
	old, err := strconv.ParseInt(oldText, 10, 64)
	if err != nil {
		return err
	}
	size, err := strconv.ParseInt(sizeText, 10, 64)
	if err != nil {
		return err
	}
	var s storage
	bundles := map[int64]*bytes.Buffer{}
	for n := int64(0); n < size; n++ {
		entry := make([]byte, n%97)
		if _, err := rand.Read(entry); err != nil {
			return err
		}
		if err := s.add(n, entry); err != nil {
			return err
		}
		if bundles[n/256] == nil {
			bundles[n/256] = new(bytes.Buffer)
		}
		bundles[n/256].Write(binary.BigEndian.AppendUint16(nil, uint16(len(entry))))
		bundles[n/256].Write(entry)
	}
	for _, tile := range tlog.NewTiles(8, 0, size) {
		data, err := tlog.ReadTileData(tile, s)
		if err != nil {
			return err
		}
		if err := write(folder(dir).file(tile), data); err != nil {
			return err
		}
		if tile.L == 0 {
			path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
			if err := write(filepath.Join(dir, path), bundles[tile.N].Bytes()); err != nil {
				return err
			}
		}
	}
	sign := func(n int64) ([]byte, error) {
		root, err := tlog.TreeHash(n, s)
		if err != nil {
			return nil, err
		}
		text := fmt.Sprintf("%s\n%d\n%s\n", origin, n, root)
		return note.Sign(&note.Note{Text: text}, signer)
	}
	for name, n := range map[string]int64{"checkpoint": size, "checkpoint.old": old} {
		msg, err := sign(n)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(dir, name), msg); err != nil {
			return err
		}
	}
	proof, err := tlog.ProveTree(size, old, s)
	if err != nil {
		return err
	}
	checkpoint, err := sign(size)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	fmt.Fprintf(&body, "old %d\n", old)
	for _, hash := range proof {
		fmt.Fprintln(&body, hash)
	}
	fmt.Fprintf(&body, "\n%s", checkpoint)
	return write(filepath.Join(dir, "request"), body.Bytes())
}

func write(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}
