# gnuplot -e "figures='growth/PROCESSOR.txt'; picture='growth.svg'" growth.gp: time over operations of a training step
# against width, depth and batch, as growth.cpp printed it.
set terminal svg size 920,340 font "DejaVu Sans,12" background rgb "white" name "growth"
set output picture
peak = real(system(sprintf("sed -n 's/^peak //p' %s", figures)))
each(axis, rule) = stringcolumn(1) eq "step" && stringcolumn(2) eq axis && stringcolumn(6) eq rule \
  ? 1e12 * column(7) / column(10) : NaN

set multiplot layout 1,3 margins 0.075,0.985,0.20,0.96 spacing 0.055
set linetype 1 linecolor rgb "#0969da" linewidth 2 pointtype 7 pointsize 0.5
set linetype 2 linecolor rgb "#bc4c00" linewidth 2 pointtype 7 pointsize 0.5
set linetype 3 linecolor rgb "#59636e" linewidth 1.3 dashtype 2
set border 3 linecolor rgb "#59636e"
set tics nomirror
set grid ytics linetype 1 linecolor rgb "#d1d9e0" linewidth 0.7 dashtype 1
set logscale y
set yrange [3:500]
set ytics (5, 10, 20, 50, 100, 200, 500)
set key top right samplen 2
set ylabel "picoseconds per FLOP"

set logscale x 2
set xlabel "width (3 layers, 64 rows)"
set xrange [6:2900]
set xtics (8, 32, 128, 512, 2048)
plot figures using 3:(each("width", "sgd")) with linespoints linetype 1 title "SGD", \
  figures using 3:(each("width", "adam")) with linespoints linetype 2 title "Adam", \
  1e12 / peak with lines linetype 3 title sprintf("the peak, %.0f GFLOP/s", peak / 1e9)

set key off
unset ylabel
unset logscale x
set xlabel "layers (128 units, 64 rows)"
set xrange [0.5:8.5]
set xtics 1
plot figures using 4:(each("depth", "sgd")) with linespoints linetype 1, \
  figures using 4:(each("depth", "adam")) with linespoints linetype 2, 1e12 / peak with lines linetype 3

set logscale x 2
set xlabel "rows (3 layers of 128 units)"
set xrange [0.7:1450]
set xtics (1, 4, 16, 64, 256, 1024)
plot figures using 5:(each("batch", "sgd")) with linespoints linetype 1, \
  figures using 5:(each("batch", "adam")) with linespoints linetype 2, 1e12 / peak with lines linetype 3
unset multiplot
